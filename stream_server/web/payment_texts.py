"""The words of the test provider's page, in the languages of the player."""

from __future__ import annotations

from collections.abc import Mapping

PAYMENT_TEXTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Confirm your payment",
        "lead": "Your bank asks you to confirm this payment.",
        "note": "This is the shop's test bank. No money moves.",
        "amount": "Amount",
        "complete": "Complete",
        "fail": "Fail",
        "done": "Thank you. You can go back to the video.",
        "failed": "The payment was not confirmed. You can go back to the video.",
        "gone": "This payment is no longer waiting for you.",
    },
    "zh-CN": {
        "title": "确认付款",
        "lead": "您的银行请您确认这笔付款。",
        "note": "这是商店的测试银行，不会产生真实扣款。",
        "amount": "金额",
        "complete": "完成",
        "fail": "失败",
        "done": "谢谢。您可以回到视频了。",
        "failed": "付款未被确认。您可以回到视频了。",
        "gone": "这笔付款不再等待您的确认。",
    },
    "es": {
        "title": "Confirma tu pago",
        "lead": "Tu banco te pide que confirmes este pago.",
        "note": "Es el banco de pruebas de la tienda. No se mueve dinero.",
        "amount": "Importe",
        "complete": "Completar",
        "fail": "Rechazar",
        "done": "Gracias. Puedes volver al vídeo.",
        "failed": "El pago no se ha confirmado. Puedes volver al vídeo.",
        "gone": "Este pago ya no espera tu confirmación.",
    },
}


def choose_language(accept_language: str) -> str:
    """The best of our languages for an Accept-Language header (RFC 9110 §12.5.4); English when none fits."""
    wanted: list[tuple[float, int, str]] = []
    for position, part in enumerate(accept_language[:200].split(",")):
        tag, _, parameters = part.strip().partition(";")
        try:
            weight = float(parameters.strip().removeprefix("q=")) if parameters else 1.0
        except ValueError:
            continue
        wanted.append((-weight, position, tag.strip().lower()))
    for weight, _, tag in sorted(wanted):
        if weight == 0:
            continue
        primary = tag.partition("-")[0]
        for ours in PAYMENT_TEXTS:
            if primary == ours.partition("-")[0].lower():
                return ours
    return "en"
