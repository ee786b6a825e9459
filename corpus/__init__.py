"""What is kept and how it is asked: tables, writer, archive and queries. Imports no other room."""
