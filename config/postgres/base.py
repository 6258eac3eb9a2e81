"""Django looks for `DatabaseWrapper` in the `base` module of the package that ENGINE names."""

from pathlib import Path
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from . import server

DATABASE = "verbatim"
PLANNING = "-c jit=off -c random_page_cost=1.1"
"""Pages ask short questions of a local disk: compiling them takes longer than they do."""


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        params |= server(Path(params.pop("data_dir")))
        return params | {"options": PLANNING}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            if conn_params["dbname"] != DATABASE or not self._create_database(conn_params):
                raise
            return super().get_new_connection(conn_params)

    @staticmethod
    def _create_database(conn_params: dict[str, Any]) -> bool:
        """The cluster is new: create our database in it. Returns whether it was missing."""
        with psycopg.connect(
            host=conn_params["host"], user=conn_params["user"], dbname="postgres", autocommit=True
        ) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                return False
            connection.execute(f"CREATE DATABASE {DATABASE}")
            return True
