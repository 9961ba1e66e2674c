SELECT a[:i], :name::text, ':no', "x:y", E'\':z', $$ :n $$, b::int FROM t WHERE id IN (:ids) AND :name IS NULL -- :c
