"""Files that members give: what may be taken (checks) and where it is kept (storage). No model, no view."""
