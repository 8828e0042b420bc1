"""HTTP and pages for all packages: layout, page models, forms, errors, tables, styles and scripts, headers, limits."""
