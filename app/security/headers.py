"""Security headers: what a browser may load, and from where (nicegui.md, section 5.4)."""

from __future__ import annotations

_COMMON = "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

# Pages without NiceGUI hold no script at all.
PLAIN_POLICY = f"default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; {_COMMON}"


def print_policy(nonce: str) -> str:
    """Return the Content-Security-Policy of a plain page whose one script opens the browser's print dialog."""
    return f"{PLAIN_POLICY}; script-src 'nonce-{nonce}'"


def page_policy(nonce: str) -> str:
    """Return the Content-Security-Policy of a NiceGUI page whose scripts carry this nonce.

    ``unsafe-eval`` is Vue's template compiler, ``unsafe-inline`` of styles is Quasar's: neither can go.
    """
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
        f"worker-src 'self' blob:; media-src 'self' blob: mediastream:; {_COMMON}"
    )


def every_answer(*, is_secure: bool) -> dict[str, str]:
    """Return the headers of every answer; a page may bring a policy of its own."""
    headers = {
        "Content-Security-Policy": PLAIN_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    }
    if is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers
