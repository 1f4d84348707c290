package io.drover.datasource;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a session of a database keeps after a statement: settings, roles, prepared statements, temporary tables, locks.
 * A block, a procedure, and a function of somebody's own may change it, so all but plain statements count as changes.
 */
final class SessionState {

    private static final Pattern COMMENT = Pattern.compile("--[^\\n]*|/\\*.*?\\*/", Pattern.DOTALL);

    private static final Pattern PLAIN = Pattern.compile(
            "[\\s(]*+(?:select|insert|update|delete|merge|replace|with|values|table|explain|show)\\b",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern KEPT = Pattern.compile(
            "\\binto\\s+(?:local\\s+|global\\s+)?(?:temp(?:orary)?\\b|#)|;\\s*+\\S|/\\*!", Pattern.CASE_INSENSITIVE);

    /** A table or a list with its columns. */
    private static final Pattern COLUMNS =
            Pattern.compile("\\b(?:into|insert|as|with|recursive)\\s+[\\w$.\"`]+\\s*\\(", Pattern.CASE_INSENSITIVE);

    /** A name before a bracket. */
    private static final Pattern CALL = Pattern.compile("(?<![\\w$.\"`\\]])([\\w$.\"`\\]]++)\\s*+\\(");

    /** Words that stand before a bracket, and functions of databases, which change nothing. */
    private static final Set<String> HARMLESS = Set.of(
            """
            all and any array as between bit by case char conflict cross cube decimal default delete distinct div else end
            except exists explain fetch filter first float from group having if ilike in insert intersect interval into is
            join key lateral like limit materialized merge next nvarchar not numeric offset on or over partition range
            recursive returning rollup row rows select set sets similar some table then time timestamp top union unique
            update using values varbinary varchar varchar2 when where with within
            abs age array_agg array_append array_cat array_length array_position array_remove array_to_string avg bool_and
            bool_or btrim cardinality cast ceil ceiling char_length character_length chr coalesce concat concat_ws convert
            count cume_dist current_date current_setting current_time current_timestamp curdate curtime date date_add
            date_diff date_format date_part date_sub date_trunc dateadd datediff datename datepart decode dense_rank digest
            encode every exp extract first_value floor format from_unixtime gen_random_uuid generate_series getdate
            getutcdate greatest group_concat hex hour ifnull iif initcap instr isnull json_agg json_array
            json_array_elements json_array_elements_text json_arrayagg json_build_array json_build_object json_each
            json_extract json_object json_object_agg json_objectagg json_query json_table json_value jsonb_agg
            jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each
            jsonb_each_text jsonb_extract_path jsonb_extract_path_text jsonb_object_agg jsonb_object_keys jsonb_path_exists
            jsonb_path_query jsonb_path_query_array jsonb_path_query_first jsonb_pretty jsonb_set jsonb_strip_nulls
            jsonb_to_record jsonb_to_recordset jsonb_typeof json_to_record json_to_recordset lag last_value lead least left
            len length listagg ln localtime localtimestamp last_insert_id log lower lpad ltrim make_date make_interval make_timestamptz max
            md5 mid min minute mod month newid nextval now nth_value ntile nullif nvl nvl2 octet_length overlay percent_rank
            percentile_cont percentile_disc pg_advisory_xact_lock pg_backend_pid pg_sleep pg_typeof plainto_tsquery position power quarter
            quote_ident quote_literal random rank regexp_count regexp_like regexp_match regexp_matches regexp_replace
            regexp_split_to_array regexp_split_to_table regexp_substr repeat reverse right round row_number row_to_json rpad
            rtrim second sha2 sha256 sign split_part sqrt statement_timestamp stddev str_to_date string_agg string_split
            string_to_array strpos strftime stuff substr substring sum sysdate sysdatetime sysutcdatetime timestampadd
            timestampdiff to_char to_date to_json to_jsonb to_number to_timestamp to_tsquery to_tsvector translate trim trunc
            try_cast try_convert ts_headline ts_rank unix_timestamp unnest upper utc_timestamp uuid variance
            websearch_to_tsquery week year
            """
                    .strip()
                    .split("\\s+"));

    /** A longer statement is not looked at. */
    private static final int LONGEST = 10_000;

    private static final int MOST = 1_000;
    private static final Map<String, Boolean> KNOWN = new ConcurrentHashMap<>();

    private static final int PATIENCE_SECONDS = 2;

    private SessionState() {}

    /** Whether the session may not be as it was after this statement. */
    static boolean mayChange(String sql) {
        if (sql.length() > LONGEST) {
            return true;
        }
        Boolean known = KNOWN.get(sql);
        if (known == null) {
            known = isChange(sql);
            if (KNOWN.size() >= MOST) { // their texts are computed
                KNOWN.clear();
            }
            KNOWN.put(sql, known);
        }
        return known;
    }

    private static boolean isChange(String sql) {
        String bare = COMMENT.matcher(sql).replaceAll(" ");
        return !PLAIN.matcher(bare).lookingAt()
                || KEPT.matcher(sql).find()
                || callsOther(sql) // a text may hold what looks like a comment
                || callsOther(bare);
    }

    private static boolean callsOther(String sql) {
        Matcher call = CALL.matcher(COLUMNS.matcher(sql).replaceAll("= ("));
        while (call.find()) {
            String name = call.group(1).toLowerCase(Locale.ROOT);
            if (!HARMLESS.contains(name.startsWith("pg_catalog.") ? name.substring(11) : name)) {
                return true;
            }
        }
        return false;
    }

    /** The name that a session has for people, or null; only PostgreSQL's is known without a question. */
    static @Nullable String name(Connection connection) throws SQLException {
        return isPostgres(connection) ? connection.getClientInfo("ApplicationName") : null;
    }

    /**
     * Makes a session as it was when it began.
     *
     * @param name that it had
     * @return false where that is not possible: the connection is to be closed
     */
    static boolean reset(Connection connection, @Nullable String name) {
        try {
            // the driver and the pool set more than DISCARD gives back: exact numbers before 12, and that it only reads
            if (!isPostgres(connection)
                    || connection.getMetaData().getDatabaseMajorVersion() < 12
                    || connection.isReadOnly()
                    || !connection.getAutoCommit()) {
                return false;
            }
            try (Statement statement = connection.createStatement()) {
                statement.setQueryTimeout(PATIENCE_SECONDS);
                statement.execute("discard all");
            }
            connection.setClientInfo("ApplicationName", name);
            return true;
        } catch (SQLException e) { // it is broken
            return false;
        }
    }

    private static boolean isPostgres(Connection connection) throws SQLException {
        return "PostgreSQL".equals(connection.getMetaData().getDatabaseProductName());
    }
}
