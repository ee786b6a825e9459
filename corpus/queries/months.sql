-- Articles by month of publication.
select substr(cast(published_on as text), 1, 7) as month, count(*) as articles
from articles group by 1 order by 1
