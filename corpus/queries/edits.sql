-- Silent edits by sites since a day, newest first.
select day, portal, change, title_before, title, words - words_before as words, url
from edits where day >= :since order by day desc, article_id, version
