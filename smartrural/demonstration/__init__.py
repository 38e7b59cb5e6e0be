"""The demonstration: a programme that could have happened, told through the rooms' own verbs.

People are plainly fictitious; their addresses lead nowhere. The words stand in `demonstration/` of the territory's
folder, the events here: each is done on its day, so that every rule judges it as it would have been judged.
"""
