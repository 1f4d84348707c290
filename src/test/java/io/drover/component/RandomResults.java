package io.drover.component;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Month;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.postgresql.util.PGobject;

/** Bodies of every shape that a tool's steps may end with; the same number makes the same body. */
final class RandomResults {

    /** A bean as authors write them. */
    public record Order(long id, double total, Timestamp at, Optional<String> note) {}

    private final Random random;

    private RandomResults(long seed) {
        this.random = new Random(seed);
    }

    static Object of(long seed) {
        return new RandomResults(seed).body();
    }

    private Object body() {
        return switch (random.nextInt(6)) {
            case 0 -> text();
            case 1 -> document();
            case 2 -> document().getBytes(StandardCharsets.UTF_8);
            case 3 -> new ByteArrayInputStream(text().getBytes(StandardCharsets.UTF_8));
            default -> value(0);
        };
    }

    /** JSON text as other sides write it. */
    private String document() {
        return "{\"n\": %s, \"t\":\"\\u0041\\/%s\", \"n\": [1.50, -0.0, 1E3, %d]} "
                .formatted(random.nextDouble() * 1e7, Integer.toHexString(random.nextInt()), random.nextLong());
    }

    private Object value(int depth) {
        int kinds = depth < 4 ? 34 : 28;
        long n = random.nextLong();
        Instant instant = Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000) * 1_000L);
        return switch (random.nextInt(kinds)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> (int) n;
            case 3 -> n;
            case 4 -> (short) n;
            case 5 -> random.nextDouble() * Math.pow(10, random.nextInt(40) - 20);
            case 6 -> random.nextFloat() * 1e7f;
            case 7 -> List.of(Double.NaN, Double.POSITIVE_INFINITY, 0.0, -0.0);
            case 8 -> new BigDecimal(BigInteger.valueOf(n), random.nextInt(20) - 10);
            case 9 -> BigInteger.valueOf(n).pow(3);
            case 10 -> Timestamp.from(instant);
            case 11 -> new java.sql.Date(instant.toEpochMilli());
            case 12 -> new Time(instant.toEpochMilli());
            case 13 -> Date.from(instant);
            case 14 -> instant;
            case 15 -> LocalDate.ofEpochDay(random.nextInt(100_000));
            case 16 -> LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
            case 17 -> OffsetDateTime.ofInstant(instant, ZoneOffset.ofHours(random.nextInt(12)));
            case 18 -> Duration.ofNanos(n);
            case 19 -> Month.of(1 + random.nextInt(12));
            case 20 -> new UUID(n, n);
            case 21 -> text().getBytes(StandardCharsets.UTF_16);
            case 22 -> new StringBuilder(text());
            case 23 -> postgres("jsonb", document());
            case 24 -> postgres("interval", "1 days 2 hours");
            case 25 -> new Order(n, random.nextDouble(), Timestamp.from(instant), Optional.of(text()));
            case 26 -> JsonNodeFactory.instance.numberNode(random.nextFloat());
            case 27 -> text();
            case 28 -> Optional.ofNullable(value(depth + 1));
            case 29 -> new Object[] {value(depth + 1), value(depth + 1)};
            case 30 ->
                Arrays.asList(value(depth + 1), value(depth + 1), value(depth + 1))
                        .iterator();
            case 31 -> Map.of(random.nextInt(), Set.of(n), n + 1, new int[] {1, 2});
            case 32 -> new ArrayList<>(Arrays.asList(value(depth + 1), value(depth + 1)));
            default -> {
                Map<Object, Object> row = new LinkedHashMap<>();
                new TreeSet<>(List.of(text(), text(), "id")).forEach(name -> row.put(name, value(depth + 1)));
                yield row;
            }
        };
    }

    /** Of all of Unicode, halves of pairs and U+0000 among it. */
    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append(
                    random.nextInt(4) == 0
                            ? String.valueOf((char) random.nextInt(Character.MAX_VALUE + 1))
                            : Character.toString(random.nextInt(128)));
        }
        return text.toString();
    }

    private static PGobject postgres(String type, String value) {
        try {
            PGobject object = new PGobject();
            object.setType(type);
            object.setValue(value);
            return object;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
