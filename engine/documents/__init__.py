"""Documents: text in, located and schema-checked data and problems out."""
