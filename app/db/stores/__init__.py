"""Contents outside of the database: objects in a store or a folder, and the rows whose contents were moved there."""
