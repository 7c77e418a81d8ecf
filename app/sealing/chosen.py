"""What seals here and now, by the settings: a certificate of one's own, the trial chain, or nothing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from app.config import Settings
from app.sealing.authority import Authority
from app.sealing.certificate import read_certificate
from app.sealing.faults import CannotSeal
from app.sealing.seal import Sealer
from app.sealing.trial import trial_sealer


def chosen_sealer(ours: Settings, now: datetime) -> Sealer:
    """Return what seals, or raise ``CannotSeal``: ``off`` without a certificate outside the demonstration.

    The demonstration always takes its own trial chain: a real seal on an invented mandate would say too much.
    """
    if ours.is_demo:
        return trial_sealer(ours.data_dir, now)
    if not ours.seal_certificate:
        raise CannotSeal("off")
    try:
        file = Path(ours.seal_certificate).read_bytes()
    except OSError as error:
        raise CannotSeal("unreadable_certificate") from error
    certificate = read_certificate(file, ours.seal_password.get_secret_value(), now)
    return Sealer(certificate, Authority(ours.seal_tsa_url) if ours.seal_tsa_url else None)
