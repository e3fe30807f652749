"""The keyed indexes under which a woman is found."""

from portal.core.protection import IndexField
from portal.models.clients import Client
from portal.models.indexes import blind_index, cross_index
from portal.queries.client_search import name_with_year


def write_indexes(client: Client, organisation_id: int) -> None:
    """Write the indexes of who she is, as known now, for the organisation that owns her case (R-400)."""

    def index(value: str | None, field: IndexField) -> bytes | None:
        return blind_index(value, field=field, organisation_id=organisation_id) if value else None

    def across(value: str | None, field: IndexField) -> bytes | None:
        return cross_index(value, field=field) if value else None

    client.index_organisation_id = organisation_id
    client.name_index = index(client.name and name_with_year(client.name, client.birth_year), IndexField.NAME_YEAR)
    client.phone_index = index(client.phone, IndexField.PHONE)
    client.cpr_index = index(client.cpr_number, IndexField.CPR)
    client.phone_cross_index = across(client.phone, IndexField.PHONE)
    client.cpr_cross_index = across(client.cpr_number, IndexField.CPR)
