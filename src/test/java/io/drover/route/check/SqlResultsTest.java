package io.drover.route.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import io.drover.guard.SqlText;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

/** Statements whose rows would all be in memory before one is counted are refused. */
@Quick
class SqlResultsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "to: { uri: 'sql:select * from t?outputType=StreamList' }                   | outputType=StreamList",
                "to: { uri: 'sql:select * from t', parameters: { outputType: streamlist } } | outputType=StreamList",
                "toD: { uri: 'sql-stored:f(INTEGER ${body})' }                              | sql-stored reads",
                "to: { uri: 'sql:select 1; select 2' }                                      | several statements",
                "to: { uri: sql, parameters: { query: 'select 1; select 2' } }              | several statements",
                "setHeader: { name: CamelSqlDataSource, simple: '${ref:other}' }            | CamelSqlDataSource"
            })
    void areNamed(String step, String problem) {
        assertThat(RouteValidator.standalone(new MockEnvironment())
                        .problems(
                                Path.of("routes"),
                                "some.camel.yaml",
                                "- route: { id: some, from: { uri: 'task:some', steps: [ { %s } ] } }".formatted(step)))
                .extracting(Problem::message)
                .anyMatch(message -> message.contains(problem));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select 1",
                "select 1;",
                "select ';' ; ",
                "select 1 -- ; select 2",
                "/* ; select */ select 1",
                "insert into t values (1); update t set a = 2",
                "do $x$ begin perform 1; select 2; end $x$",
                "select \";\" from t; -- end"
            })
    void areNotSeenWhereThereIsOne(String sql) {
        assertThat(SqlText.hasRowsBesideOthers(sql)).isFalse();
    }
}
