"""The shared cache, which may be away at any moment: the site then answers more slowly, and still answers."""

import logging

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

logger = logging.getLogger(__name__)


class ForgetfulClient(RedisCacheClient):
    """Redis away: reads find nothing, writes are lost. The log says so."""

    def add(self, key, value, timeout):
        return self._attempt(True, super().add, key, value, timeout)

    def get(self, key, default):
        return self._attempt(default, super().get, key, default)

    def set(self, key, value, timeout):
        return self._attempt(None, super().set, key, value, timeout)

    def touch(self, key, timeout):
        return self._attempt(False, super().touch, key, timeout)

    def delete(self, key):
        return self._attempt(False, super().delete, key)

    def get_many(self, keys):
        return self._attempt({}, super().get_many, keys)

    def has_key(self, key):
        return self._attempt(False, super().has_key, key)

    def incr(self, key, delta):
        return self._attempt(delta, super().incr, key, delta)

    def set_many(self, data, timeout):
        return self._attempt(None, super().set_many, data, timeout)

    def delete_many(self, keys):
        return self._attempt(None, super().delete_many, keys)

    @staticmethod
    def _attempt(otherwise, operation, *args):
        try:
            return operation(*args)
        except (RedisConnectionError, RedisTimeoutError) as error:
            logger.warning("the cache does not answer: %s", error)
            return otherwise


class ForgetfulRedisCache(RedisCache):
    def __init__(self, server, params):
        super().__init__(server, params)
        self._class = ForgetfulClient
