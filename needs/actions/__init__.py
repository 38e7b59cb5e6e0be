"""Verbs: load and publish a questionnaire, open a survey, answer it, send it; hear needs and pool them."""

from needs.actions.hearing import WORDS, decline, qualify, record_need, record_need_from_answer
from needs.actions.pooling import advance, pool, set_position
from needs.actions.questionnaires import (
    Content,
    content_of,
    load_questionnaire,
    next_version,
    publish_questionnaire,
)
from needs.actions.responses import (
    Conflict,
    Given,
    NoLongerEditable,
    Saved,
    StaleReview,
    agrees,
    mark,
    refuse_when_closed,
    reopen,
    save_answers,
    start,
    submit,
)
from needs.actions.surveys import close_survey, hand_down, invite, open_survey

__all__ = [
    "Conflict",
    "Content",
    "Given",
    "NoLongerEditable",
    "Saved",
    "StaleReview",
    "WORDS",
    "advance",
    "agrees",
    "close_survey",
    "content_of",
    "decline",
    "hand_down",
    "invite",
    "load_questionnaire",
    "mark",
    "next_version",
    "open_survey",
    "pool",
    "publish_questionnaire",
    "qualify",
    "record_need",
    "record_need_from_answer",
    "refuse_when_closed",
    "reopen",
    "save_answers",
    "set_position",
    "start",
    "submit",
]
