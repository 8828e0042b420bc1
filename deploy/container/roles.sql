-- For a new database; one of before has a single role: docs/operations.md, "Containers".
-- One role owns the tables and migrates; the other runs the academy. CREATEDB: for upgrades and for the proof of backups.
CREATE ROLE academy_owner LOGIN CREATEDB;
CREATE ROLE academy LOGIN CREATEDB;
CREATE DATABASE academy OWNER academy_owner ENCODING 'UTF8' TEMPLATE template0;
