"""Going on and going back reach every place once, and undo one another."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rnnviz.session.place import Course, Place

COURSES = st.builds(Course, st.integers(1, 12), st.integers(1, 6), st.booleans())


@given(COURSES)
def test_going_on_reaches_every_stage_of_every_step_once(course: Course) -> None:
    places = [course.first]
    while places[-1] != course.last:
        places.append(course.moved(places[-1], 1, loop=False))
    stages = range(course.stages) if course.slow else (None,)
    assert places == [Place(step, stage) for step in range(course.steps) for stage in stages]
    assert len(places) == course.total


@given(COURSES, st.data())
def test_going_back_undoes_going_on(course: Course, data: st.DataObject) -> None:
    place = course.at(data.draw(st.integers(0, course.total - 1)))
    for by in (1, -1):
        assert course.moved(course.moved(place, by, loop=True), -by, loop=True) == place
        there = course.moved(place, by, loop=False)
        assert there == place or course.moved(there, -by, loop=False) == place


@given(COURSES)
def test_a_loop_comes_back_to_where_it_began(course: Course) -> None:
    place = course.first
    seen = [place := course.moved(place, 1, loop=True) for _ in range(course.total)]
    assert len(set(seen)) == course.total
    assert seen[-1] == course.first


@given(COURSES)
def test_after_the_last_stage_of_a_step_comes_the_first_of_the_next(course: Course) -> None:
    for one, other in pairwise(course.at(n) for n in range(course.total)):
        if one.step == other.step:
            assert (one.stage, other.stage) == (one.stage, (one.stage or 0) + 1)
        else:
            assert other == Place(one.step + 1, 0 if course.slow else None)
            assert one.stage in {None, course.stages - 1}


@given(st.integers(1, 6), st.booleans())
def test_without_a_step_there_is_nowhere_to_go(stages: int, slow: bool) -> None:
    course = Course(0, stages, slow)
    start = Place(0, 0 if slow else None)
    assert course.first == course.last == start
    for loop in (False, True):
        assert course.moved(start, 1, loop=loop) == course.moved(start, -1, loop=loop) == start
