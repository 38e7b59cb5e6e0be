"""Trainings: what is offered, when and where; who has a seat, who waits for one."""
