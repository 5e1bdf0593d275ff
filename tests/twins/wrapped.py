"""What a wrapper asks of the rule that it wraps."""


def inside(inner, x, g, t, state):
    """The inner rule's next x; what it reports is reported."""
    own = state.setdefault("inner", {})
    x = inner(x, g, t, own)
    if "reported" in own:
        state["reported"] = own["reported"]
    return x
