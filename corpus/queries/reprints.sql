-- How many days portals take to reprint a newspaper's articles: the mean, by newspaper and portal.
select original_source, portal, count(*) as reprints, round(avg(days), 1) as days
from reprint_delays group by original_source, portal order by reprints desc, original_source, portal
