package io.drover.guard;

/** What routes may not do with SQL, because all rows would be in memory before one is counted. */
public final class SqlUse {

    public static final String STREAM =
            "outputType=StreamList holds a connection and reads all rows first; select a page (limit, and where id > ...) as SelectList";

    public static final String STORED =
            "sql-stored reads whole results first; write sql:select * from my_function(:#a), or sql:call my_procedure(:#a)";

    public static final String SEVERAL =
            "several statements in one read all rows first; give each its own step, or write one with common table expressions (with ...)";

    public static final String SOURCE =
            "the header CamelSqlDataSource bypasses the limits on rows; name the data source by the option dataSource";

    public static final String ENGINE =
            "the connections of Drover's own tables are not for routes; leave dataSource out, or name one of drover.datasources";

    private SqlUse() {}
}
