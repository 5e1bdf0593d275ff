"""Other libraries' default values: `torch:adam` is adam as torch.optim has it. Name -> our rule, settings, lr."""

from collections.abc import Mapping
from typing import Any

PRESETS: dict[str, tuple[str, Mapping[str, Any], float | None]] = {}
