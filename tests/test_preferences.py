"""What a user chose about pages."""

import pytest
from django.urls import reverse

from tests.conftest import login, make_user
from transcription.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]


def test_hidden_layers_are_kept_in_the_account() -> None:
    user = make_user()
    login(user).post(reverse("layers"), {"layer": ["filler", "comment", "nonsense"]})
    user.refresh_from_db()
    assert user.preferences == {"hidden_layers": ["sentiment", "interruption", "silence", "overlap", "hit"]}


def test_a_choice_leaves_others_as_they_are_even_from_a_page_opened_before() -> None:
    user = make_user()
    stale = User.objects.get(pk=user.pk)
    user.prefer(columns=["duration"])
    stale.prefer(hidden_layers=[])
    user.refresh_from_db()
    assert user.preferences == {"columns": ["duration"], "hidden_layers": []}
