"""One digest for all that is identified by what it is made of: sources, kernels, problems, runs."""

import hashlib


def digest(*parts: str | bytes) -> str:
    """SHA-256 over length-prefixed parts, the first 16 hexadecimal digits."""
    sha = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        sha.update(len(data).to_bytes(8, "little"))
        sha.update(data)
    return sha.hexdigest()[:16]
