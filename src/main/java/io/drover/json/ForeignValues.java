package io.drover.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StringSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.Closeable;
import java.io.IOException;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.ResultSet;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Struct;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;
import org.postgresql.util.PGobject;

/**
 * Writes values that JSON does not know.
 * What a database driver returns becomes the JSON or the text that it stands for, never the driver's own fields.
 * A value without content of its own, such as a stream, is refused.
 */
final class ForeignValues extends SimpleModule {

    /** As Jackson writes dates, with as many digits of the second as there are. */
    private static final DateTimeFormatter INSTANT = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 3, 9, true)
            .appendOffset("+HH:MM", "+00:00")
            .toFormatter();

    ForeignValues() {
        super("drover-foreign-values");
        add(Timestamp.class, ForeignValues::timestamp);
        add(java.sql.Date.class, ForeignValues::date);
        add(PGobject.class, ForeignValues::postgres);
        add(Array.class, (array, out, provider) -> provider.defaultSerializeValue(array.getArray(), out));
        add(Struct.class, (struct, out, provider) -> provider.defaultSerializeValue(struct.getAttributes(), out));
        add(Clob.class, (text, out, provider) -> out.writeString(text.getCharacterStream(), -1));
        add(Blob.class, (bytes, out, provider) -> out.writeBinary(bytes.getBinaryStream(), length(bytes)));
        add(SQLXML.class, (xml, out, provider) -> out.writeString(xml.getString()));
        add(RowId.class, (id, out, provider) -> out.writeString(id.toString()));
        addSerializer(CharSequence.class, ToStringSerializer.instance);
        addSerializer(String.class, new StringSerializer());
        addSerializer(Duration.class, ToStringSerializer.instance);
        addSerializer(Period.class, ToStringSerializer.instance);
        add(ResultSet.class, ForeignValues::refuse);
        add(Closeable.class, ForeignValues::refuse);
        add(Future.class, ForeignValues::refuse);
        add(Thread.class, ForeignValues::refuse);
    }

    private <T> void add(Class<T> type, Form<T> form) {
        addSerializer(type, new JsonSerializer<>() {
            @Override
            public void serialize(T value, JsonGenerator out, SerializerProvider provider) throws IOException {
                try {
                    form.write(value, out, provider);
                } catch (SQLException e) {
                    throw JsonMappingException.from(
                            out,
                            "the database driver cannot read its own %s: %s"
                                    .formatted(value.getClass().getName(), e.getMessage()));
                }
            }
        });
    }

    /** How values of a type are written. */
    private interface Form<T> {
        void write(T value, JsonGenerator out, SerializerProvider provider) throws IOException, SQLException;
    }

    private static void timestamp(Timestamp value, JsonGenerator out, SerializerProvider provider) throws IOException {
        String infinite = infinite(value.getTime());
        out.writeString(
                infinite != null ? infinite : INSTANT.format(value.toInstant().atOffset(ZoneOffset.UTC)));
    }

    private static void date(java.sql.Date value, JsonGenerator out, SerializerProvider provider) throws IOException {
        String infinite = infinite(value.getTime());
        out.writeString(infinite != null ? infinite : value.toString());
    }

    /** PostgreSQL's dates may be infinite; its driver has numbers for that. */
    private static @Nullable String infinite(long millis) {
        if (millis == PGStatement.DATE_POSITIVE_INFINITY) {
            return "infinity";
        }
        return millis == PGStatement.DATE_NEGATIVE_INFINITY ? "-infinity" : null;
    }

    private static void postgres(PGobject value, JsonGenerator out, SerializerProvider provider) throws IOException {
        String text = value.getValue();
        boolean json = "json".equals(value.getType()) || "jsonb".equals(value.getType());
        if (text == null || !json) {
            provider.defaultSerializeValue(text, out);
            return;
        }
        Object document;
        try {
            document = Json.recorded(text);
        } catch (JsonProcessingException e) {
            throw JsonMappingException.from(
                    out, "the %s is not JSON as Drover reads it: %s".formatted(value.getType(), Json.reason(e)));
        }
        provider.defaultSerializeValue(document, out);
    }

    private static int length(Blob bytes) throws SQLException {
        return Math.toIntExact(bytes.length());
    }

    private static void refuse(Object value, JsonGenerator out, SerializerProvider provider) throws IOException {
        throw JsonMappingException.from(
                out,
                "a %s has no content of its own; first read it into text, a map or a list"
                        .formatted(value.getClass().getName()));
    }
}
