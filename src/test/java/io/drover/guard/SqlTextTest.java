package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Neither a comment nor a quoted text hides a statement, or is taken for one, whatever the database. */
@Quick
class SqlTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "POSTGRESQL | update t set a = 1",
                "POSTGRESQL | update t set a = '\\', b = 2 -- ; commit",
                "POSTGRESQL | update t set a = E'it\\'s; commit'",
                "POSTGRESQL | update t set a = b # c",
                "POSTGRESQL | /* /* */ ; commit */ update t set a = 1",
                "POSTGRESQL | select $x$ ; commit $x$",
                "POSTGRESQL | insert into t values (1); create table u (a int)",
                "MYSQL      | # it's a comment; commit %n update t set a = 1",
                "MYSQL      | update t set a = 'it\\'s; commit'",
                "MYSQL      | update t set a = \"it\\\"s; commit\"",
                "MYSQL      | update `t;commit` set a = 1",
                "MYSQL      | update t set a = 5 -- ; commit",
                "ORACLE     | update t set a = q'[it's; commit]'",
                "ORACLE     | update t set a = Q'!it's; commit!'",
                "SQL_SERVER | update [it's; commit] set a = 1",
                "SQLITE     | update [t;commit] set a = 1",
            })
    void hasNoPartThatCommits(SqlDialect dialect, String sql) {
        SqlText text = new SqlText(sql.replace("%n", "\n"), dialect);

        assertThat(text.isTransactional()).isTrue();
        assertThat(text.isReadByCursor()).isTrue();
        assertThat(text.hasRowsBesideOthers()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "POSTGRESQL | update t set a = '\\'; commit; select '",
                "POSTGRESQL | update t set a = somee'\\'; commit; select '",
                "POSTGRESQL | /* /* */ */ update t set a = 1; call p()",
                "MYSQL      | # it's a comment %n update t set a = 1; commit",
                "MYSQL      | update t set a = 'it\\'s'; commit",
                "MYSQL      | /* /* */ update t set a = 1; commit; /* */",
                "MYSQL      | update t set a = 5--1; commit",
                "MYSQL      | update t set a = 1; /*!50000 commit */",
                "MYSQL      | insert into t values (1); alter table u add a int",
                "ORACLE     | insert into t values (1); create table u (a int)",
                "ORACLE     | update t set a = q'[it's]'; commit",
                "SQL_SERVER | update [it's] set a = 1; commit",
                "SQL_SERVER | execute p",
                "SQLITE     | update `it's` set a = 1; commit",
            })
    void hasAPartThatMayCommit(SqlDialect dialect, String sql) {
        assertThat(new SqlText(sql.replace("%n", "\n"), dialect).isTransactional())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "PostgreSQL, POSTGRESQL",
        "MySQL, MYSQL",
        "MariaDB, MYSQL",
        "Oracle, ORACLE",
        "Microsoft SQL Server, SQL_SERVER",
        "SQLite, SQLITE",
        "H2, POSTGRESQL"
    })
    void isReadAsItsDatabaseReadsIt(String product, SqlDialect dialect) throws SQLException {
        DatabaseMetaData about = (DatabaseMetaData) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DatabaseMetaData.class}, (proxy, method, args) -> product);
        Connection connection = (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, args) -> about);

        assertThat(SqlDialect.of(connection)).isEqualTo(dialect);
    }
}
