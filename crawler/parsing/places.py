"""Places in the tree: what holds what. Used where lines are told by the boxes they stand in."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

_CLIMB = 300


def _chain(node: LexborNode) -> list[LexborNode]:
    found = [node]
    at = node.parent
    while at is not None and len(found) < _CLIMB:
        found.append(at)
        at = at.parent
    return found


def common(one: LexborNode | None, other: LexborNode) -> LexborNode | None:
    """The smallest element that holds both."""
    if one is None:
        return None
    above = {node.mem_id for node in _chain(one)}
    return next((node for node in _chain(other) if node.mem_id in above), None)


def is_within(node: LexborNode, region: LexborNode) -> bool:
    """True where `node` is `region` or stands in it."""
    wanted = region.mem_id
    at: LexborNode | None = node
    for _ in range(_CLIMB):
        if at is None:
            break
        if at.mem_id == wanted:
            return True
        at = at.parent
    return False


def child_of(region: LexborNode | None, node: LexborNode) -> LexborNode | None:
    """The child of `region` in which `node` stands; `region` itself for its own text."""
    if region is None:
        return None
    last = node
    for one in _chain(node):
        if one.mem_id == region.mem_id:
            return last
        last = one
    return None


def child_id(region: LexborNode | None, node: LexborNode) -> int:
    """`mem_id` of `child_of`, 0 where there is none."""
    child = child_of(region, node)
    return child.mem_id if child is not None else 0


_WRAPPERS = frozenset(("span", "font", "p", "b", "i", "center", "strong", "big", "small"))


def table_of(region: LexborNode | None, node: LexborNode) -> LexborNode | None:
    """The table in which `node` stands and which is a child of `region`, bare or in such elements
    as stand around text."""
    table: LexborNode | None = None
    for one in _chain(node) if region is not None else ():
        if region is not None and one.mem_id == region.mem_id:
            return table
        if one.tag == "table":
            table = one
        elif table is not None and one.tag not in _WRAPPERS:
            table = None
    return None


def shape_of(node: LexborNode | None) -> tuple[str, str]:
    """Tag and class: siblings of one shape are pieces of one thing."""
    if node is None:
        return ("", "")
    return (node.tag or "", node.attributes.get("class") or "")
