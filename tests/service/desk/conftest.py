"""People at the desk of a service with a store of its own, each with a browser."""

import re
from dataclasses import dataclass

import pytest

from service.actions.invite_person import invite_person
from service.store import tenants
from service.store.desk_records import Role

PASSWORD = "de kraan drupt al weken"
MARK = re.compile(r'name="mark" value="([0-9a-f]{64})"')


@dataclass
class Worker:
    """Somebody with a browser that is signed in."""

    client: object
    email: str

    def get(self, path, **options):
        return self.client.get(f"/desk{path}", **options)

    def mark(self, path=""):
        return MARK.search(self.get(path).text)[1]

    def send(self, path, *, mark=None, headers=None, **fields):
        """Send a form as the page's own browser does."""
        shown = {"Sec-Fetch-Site": "same-origin"} if headers is None else headers
        form = {"mark": self.mark() if mark is None else mark, **fields}
        return self.client.post(f"/desk{path}", data=form, headers=shown)


@pytest.fixture
def invite(parts):
    """Return a function that invites somebody and gives their code."""

    def make(email, role=Role.OWNER, *, tenant="default"):
        if tenant != "default" and tenant not in [one.id for one in tenants.list_all(parts.store)]:
            tenants.add(parts.store, tenant, name="Another town")
        return invite_person(parts.store, tenant=tenant, email=email, role=role, made_by="a test")

    return make


@pytest.fixture
def sign_in(app, invite):
    """Return a function that signs somebody in by an invitation."""

    def make(role=Role.OWNER, *, email=None, tenant="default"):
        email = email or f"{role}@{tenant}.example.org"
        client = app.test_client()
        form = {"code": invite(email, role, tenant=tenant), "email": email, "name": f"Ann {role}"}
        answer = client.post("/desk/invitation", data={**form, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return Worker(client, email)

    return make
