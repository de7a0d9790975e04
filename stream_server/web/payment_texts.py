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
    "ar": {
        "title": "تأكيد الدفع",
        "lead": "يطلب منك بنكك تأكيد هذه الدفعة.",
        "note": "هذا بنك المتجر التجريبي. لا يُحوَّل أي مال.",
        "amount": "المبلغ",
        "complete": "تأكيد",
        "fail": "رفض",
        "done": "شكرًا لك. يمكنك العودة إلى الفيديو.",
        "failed": "لم يُؤكَّد الدفع. يمكنك العودة إلى الفيديو.",
        "gone": "لم تعد هذه الدفعة بانتظارك.",
    },
    "de": {
        "title": "Zahlung bestätigen",
        "lead": "Deine Bank bittet dich, diese Zahlung zu bestätigen.",
        "note": "Das ist die Testbank des Shops. Es fließt kein Geld.",
        "amount": "Betrag",
        "complete": "Bestätigen",
        "fail": "Ablehnen",
        "done": "Danke. Du kannst zum Video zurückkehren.",
        "failed": "Die Zahlung wurde nicht bestätigt. Du kannst zum Video zurückkehren.",
        "gone": "Diese Zahlung wartet nicht mehr auf dich.",
    },
    "fr": {
        "title": "Confirmez votre paiement",
        "lead": "Votre banque vous demande de confirmer ce paiement.",
        "note": "C’est la banque d’essai de la boutique. Aucun argent n’est débité.",
        "amount": "Montant",
        "complete": "Confirmer",
        "fail": "Refuser",
        "done": "Merci. Vous pouvez revenir à la vidéo.",
        "failed": "Le paiement n’a pas été confirmé. Vous pouvez revenir à la vidéo.",
        "gone": "Ce paiement ne vous attend plus.",
    },
    "ja": {
        "title": "お支払いの確認",
        "lead": "銀行がこのお支払いの確認を求めています。",
        "note": "ショップのテスト用銀行です。請求は発生しません。",
        "amount": "金額",
        "complete": "承認する",
        "fail": "拒否する",
        "done": "ありがとうございます。動画に戻れます。",
        "failed": "お支払いは確認されませんでした。動画に戻れます。",
        "gone": "このお支払いの確認はすでに終わっています。",
    },
    "ko": {
        "title": "결제 확인",
        "lead": "은행에서 이 결제의 확인을 요청합니다.",
        "note": "매장의 테스트 은행입니다. 실제로 청구되지 않습니다.",
        "amount": "금액",
        "complete": "승인",
        "fail": "거절",
        "done": "감사합니다. 영상으로 돌아갈 수 있습니다.",
        "failed": "결제가 확인되지 않았습니다. 영상으로 돌아갈 수 있습니다.",
        "gone": "더 이상 확인을 기다리지 않는 결제입니다.",
    },
}
RIGHT_TO_LEFT = frozenset({"ar"})


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
