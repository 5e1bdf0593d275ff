"""What tests read off a report of the conformance kit, and off the text of planted faults."""


def failures(report):
    """The requirements that failed, in order, with their reasons."""
    return {
        verdict.requirement: verdict.detail
        for verdict in report.verdicts
        if verdict.verdict == "fail"
    }


def line_of(text, remark):
    """The number of the line that carries the remark."""
    return next(number for number, line in enumerate(text.splitlines(), 1) if remark in line)
