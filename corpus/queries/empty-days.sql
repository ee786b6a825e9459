-- Stretches of days without an article of a portal, longest first.
select portal, last_before, first_after, days from empty_days order by days desc, portal, last_before
