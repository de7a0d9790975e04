"""What an operator orders, carried out on the director; and what the operator is told about it."""

from __future__ import annotations

from dataclasses import dataclass

from avatar.direction.director import Director
from avatar.errors import UnknownBeat
from avatar.guard.check import Verdict
from stream_server.signaling.ai_desk import AiFinding
from stream_server.signaling.messages import AiDirected, TellAiVerdict
from stream_server.virtual_host.desk import Desk

_MAX_FINDINGS = 20
_CUTTING = frozenset({"skip", "pause", "hand_over", "take_over", "say"})


@dataclass(frozen=True)
class Obeyed:
    """What came of an order."""

    cuts: bool = False
    """What is being said stops now."""
    drops: bool = False
    """And is not said again."""
    accepted: bool = True
    findings: tuple[AiFinding, ...] = ()
    is_judged: bool = False
    """The operator waits for a verdict."""

    def verdict(self, ref: str, order: str) -> TellAiVerdict:
        """As it is told."""
        return TellAiVerdict(ref=ref, order=order, accepted=self.accepted, findings=list(self.findings[:_MAX_FINDINGS]))


_GONE = Obeyed(accepted=False, findings=(AiFinding(kind="unknown_line", found=""),), is_judged=True)


def obey(order: AiDirected, director: Director, desk: Desk, now_id: int | None) -> Obeyed:
    """Carry out an order. ``now_id``: the line being said, or about to be."""
    operator = director.operator
    match order.act:
        case "say":
            return _say(order, director, desk)
        case "edit":
            return _edit(order, director)
        case "skip":
            if order.line_id is not None and order.line_id != now_id:
                return _skip(order.line_id, director)
            operator.skip_current()
        case "dismiss":
            return Obeyed() if desk.close_ticket(order.ticket_id, "dismissed") else _GONE
        case "pause":
            operator.pause()
        case "resume":
            operator.resume()
        case "hand_over":
            operator.hand_over()
        case "take_over":
            operator.take_over()
    return Obeyed(cuts=order.act in _CUTTING, drops=order.act == "skip")


def _say(order: AiDirected, director: Director, desk: Desk) -> Obeyed:
    if not order.text.strip():
        return Obeyed(accepted=False, is_judged=True)
    found = desk.ticket(order.ticket_id)
    if order.ticket_id is not None and found is None:
        return _GONE
    ticket, question = found if found is not None else (None, None)
    about = ticket.product_id if ticket is not None else None
    verdict = director.say_now(order.text.strip(), even_so=order.insist, question=question, about=about)
    accepted = verdict.passed or order.insist
    if accepted and ticket is not None:
        desk.close_ticket(ticket.ticket_id, "answered", order.text.strip())
    return Obeyed(cuts=accepted, accepted=accepted, findings=_findings(verdict), is_judged=True)


def _edit(order: AiDirected, director: Director) -> Obeyed:
    if order.line_id is None or not order.text.strip():
        return Obeyed(accepted=False, is_judged=True)
    try:
        verdict = director.edit(order.line_id, order.text.strip(), even_so=order.insist)
    except UnknownBeat:
        return _GONE
    accepted = verdict.passed or order.insist
    return Obeyed(accepted=accepted, findings=_findings(verdict), is_judged=True)


def _skip(line_id: int, director: Director) -> Obeyed:
    try:
        director.skip(line_id)
    except UnknownBeat:
        return _GONE
    return Obeyed()


def _findings(verdict: Verdict) -> tuple[AiFinding, ...]:
    return tuple(
        AiFinding(kind=violation.kind, found=violation.found[:200], rule=violation.rule[:40])
        for violation in verdict.violations
    )
