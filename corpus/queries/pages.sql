-- What became of every address found, and why.
select state, reason, count(*) as pages from pages group by state, reason order by pages desc, state, reason
