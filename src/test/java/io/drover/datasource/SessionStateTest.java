package io.drover.datasource;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ordinary statements cost nothing afterwards; any that may change its session does. */
@Quick
class SessionStateTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select * from orders where id = ?",
                "  ( select 1 ) union all (select 2)",
                "-- which\nselect count(*), max ( total ) from orders",
                "/* set */ select lower(name) from orders where id in (1, 2) and (total > 3 or not (paid))",
                "insert into orders (id, item) values (?, ?) on conflict (id) do update set (item) = (excluded.item)",
                "insert into \"Orders\"(id) select n from unnest(?) as t(n) returning id",
                "update orders set total = round(total::numeric(10, 2), 2) where id = any (?)",
                "delete from orders using (select 1) as old (id) where old.id = orders.id;",
                "with recursive tree(id) as (select 1) select row_number() over (partition by id) from tree",
                "merge into orders o using (values (?)) as n(id) on (o.id = n.id) when matched then delete",
                "select pg_catalog.now(), jsonb_build_object('a', 1), cast(x as varchar(20)) from lateral (select 1) x",
                "select 'set role admin', \"set\" from t",
                "replace into t (a) values (ifnull(?, 0))"
            })
    void keepNothing(String sql) {
        assertThat(SessionState.mayChange(sql)).isFalse();
        assertThat(SessionState.mayChange(sql)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set role admin",
                "/* which */ set role admin",
                "-- which\n  SET role admin",
                "do $$ begin set role admin; end $$",
                "call p()",
                "{call p(?)}",
                "{? = call f(?)}",
                "exec p",
                "begin execute immediate 'alter session set x = 1'; end;",
                "create temp table t (n int)",
                "select 1 into temp t",
                "select 1 into #t",
                "select f(1)",
                "select orders.count(1)",
                "select \"count\"(1)",
                "select [count](1)",
                "select f /* count */ (1)",
                "select f -- count\n (1)",
                "select '--', f(1)",
                "select * from f(?)",
                "insert into t (a) values (f(?))",
                "with x as (select f(1)) select * from x",
                "select set_config('a', 'b', false)",
                "select 1; set role admin",
                "select 1 /*! into @a */",
                "use other",
                "pragma foreign_keys = on",
                "alter session set x = 1",
                ""
            })
    void mayKeepSomething(String sql) {
        assertThat(SessionState.mayChange(sql)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {10_001, 1_000_000})
    void aLongTextIsNotReadAtAll(int length) {
        assertThat(SessionState.mayChange("select " + "/*".repeat(length / 2))).isTrue();
    }
}
