"""The look and the words of every page: styles, frame, French, Markdown, tables, error pages. The lowest layer."""
