-- Articles by month of publication, and how many of them have a word or phrase in headline or text.
select substr(cast(published_on as text), 1, 7) as month,
       count(*) filter (where lower(title || ' ' || body) like '%' || lower(:word) || '%') as having_it,
       count(*) as articles
from articles where published_on is not null group by 1 order by 1
