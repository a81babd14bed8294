"""The menu that holds what is under the mouse, or what is picked, at a value."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from rnnviz.figures.held import value_words
from rnnviz.figures.states import Lane, quantity
from rnnviz.panels.base.hold_popover import HoldPopover
from rnnviz.panels.base.holding import (
    Place,
    hold,
    is_held,
    let_all_go,
    let_go,
    name_of,
    place_of,
    target_of,
    value_at,
)
from rnnviz.session.errors import EditError

if TYPE_CHECKING:
    from collections.abc import Callable

    from rnnviz.panels.base.panel import Panel
    from rnnviz.session.session import Session

DIGITS = 4  # decimals of a value that is held as it is
TIP = "Knock it out: it keeps this value from here on, and everything that follows from it is computed anew"


def hold_menu(
    session: Session, name: str, unit: int | None, step: int, lane: tuple[int, int], panel: Panel
) -> QMenu:
    """Return a menu that holds a quantity, called as in a `Selection`, from a step (from 0) on.

    unit: one of its units, None for all. It is empty if nothing of it can be held, and deletes itself.
    """
    menu = QMenu(panel)
    menu.setToolTipsVisible(True)
    target = target_of(session.moment.state.spec, name)
    if target is not None:
        fill(menu, session, Place(target, unit, step, Lane(*lane)), panel)
    menu.aboutToHide.connect(menu.deleteLater)
    return menu


def offer_holds(menu: QMenu, session: Session, panel: Panel) -> None:
    """Offer in a menu to hold what is picked from the playhead's step on, and to let go of what is held."""
    place = place_of(session, session.moment.selection)
    if place is not None:
        menu.addSeparator()
        fill(menu, session, place, panel)
    if session.document.state.interventions:
        menu.addAction("Let go of everything", partial(let_all_go, session))


def fill(menu: QMenu, session: Session, place: Place, panel: Panel) -> None:
    """Offer to hold a unit and all of its quantity, at values that say something, and to let go of them."""
    whole = place._replace(unit=None)
    for where in dict.fromkeys((place, whole)):
        for value in values_for(session, where):
            text = f"Hold {name_of(session, where)} at {value_words(value)} from step {where.step + 1}"
            menu.addAction(text, partial(_try, panel, partial(hold, session, where, value))).setToolTip(TIP)
    ask = menu.addAction(f"Hold {name_of(session, place)} at…", partial(_ask, session, place, panel))
    ask.setToolTip(TIP)
    for where in dict.fromkeys((place, whole)):
        if is_held(session, where):
            menu.addAction(f"Let go of {name_of(session, where)}", partial(let_go, session, where))


def values_for(session: Session, place: Place) -> tuple[float, ...]:
    """Return values to offer: the ends of a gate, the middle of anything else, and what a unit has now."""
    usual = (0.0,) if quantity(place.target).map == "signed" else (0.0, 1.0)
    now = value_at(session, place)
    return usual if now is None else tuple(dict.fromkeys((*usual, round(now, DIGITS) + 0.0)))


def _ask(session: Session, place: Place, panel: Panel) -> None:
    HoldPopover(session, place, panel).open_near_mouse()


def _try(panel: Panel, edit: Callable[[], None]) -> None:
    try:
        edit()
    except EditError as error:
        panel.refused.emit(str(error))
