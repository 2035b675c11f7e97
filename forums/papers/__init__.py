"""A whole discussion on paper: to print, as a PDF, and the table of who took part."""
