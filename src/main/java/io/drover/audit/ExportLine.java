package io.drover.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;

/**
 * What a line of an export holds, of the row of the database to which it belongs. What reads a line throws an
 * IllegalArgumentException or a DateTimeException where it holds something else.
 */
final class ExportLine {

    private ExportLine() {}

    static ObjectNode leaf(ResultSet row, ObjectNode line) throws SQLException {
        return line.put("index", row.getLong(1))
                .put("writer", row.getString(2))
                .put("seq", row.getLong(3))
                .put("hash", HexFormat.of().formatHex(row.getBytes(4)));
    }

    static ObjectNode checkpoint(ResultSet row, ObjectNode line) throws SQLException {
        return line.put("size", row.getLong(1))
                .put("at", row.getTimestamp(2).toInstant().toString())
                .put("note", row.getString(3));
    }

    static ObjectNode row(ResultSet row, ObjectNode line) throws SQLException {
        return line.put("writer", row.getString(1))
                .put("seq", row.getLong(2))
                .put("at", row.getTimestamp(3).toInstant().toString())
                .put("hash", HexFormat.of().formatHex(row.getBytes(4)))
                .put("body", row.getString(5));
    }

    static ObjectNode entry(ResultSet row, ObjectNode line) throws SQLException {
        return line.put("id", row.getLong(1))
                .put("at", row.getTimestamp(2).toInstant().toString())
                .put("who", row.getString(3))
                .put("action", row.getString(4))
                .put("task", row.getString(5))
                .put("detail", row.getString(6))
                .put("salt", row.getString(7));
    }

    static ChainRow row(JsonNode line) {
        return new ChainRow(
                writer(line),
                line.path("seq").asLong(),
                Instant.parse(line.path("at").asText()),
                bytes(line.path("hash")),
                line.path("body").asText());
    }

    static ChainHead head(JsonNode line) {
        return new ChainHead(writer(line), line.path("seq").asLong(), bytes(line.path("hash")));
    }

    private static UUID writer(JsonNode line) {
        return UUID.fromString(line.path("writer").asText());
    }

    static byte[] bytes(JsonNode hexadecimal) {
        return HexFormat.of().parseHex(hexadecimal.asText());
    }
}
