-- Articles by the newspaper they come from; empty where the page names none.
select source, count(*) as articles from articles group by source order by articles desc, source
