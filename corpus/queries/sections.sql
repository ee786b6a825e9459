-- Articles by section.
select section, count(*) as articles, min(published_on) as first, max(published_on) as last
from articles group by section order by articles desc, section
