package io.drover.memory;

import io.drover.encryption.SealedColumn;
import io.drover.encryption.Seals;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.UUID;

/** Facts whose words and meaning are sealed, and those of the same key from before. */
final class SealedFacts {

    /** As the database orders them where they are not sealed. */
    static final Comparator<RecalledFact> NEAREST_FIRST =
            Comparator.comparingDouble(RecalledFact::score).reversed().thenComparing(RecalledFact::fact);

    private SealedFacts() {}

    /** Seals what a fact means: who knows the vector knows about the words. */
    static String seal(Seals seals, UUID id, float[] vector) {
        String text =
                Arrays.toString(vector).replace('[', '{').replace(']', '}').replace(" ", ""); // as an array of SQL
        return Objects.requireNonNull(seals.sealText(SealedColumn.MEMORY_EMBEDDING, id, text));
    }

    /** A fact, and how near it is to what is asked. */
    static RecalledFact read(ResultSet row, Seals seals, float[] asked) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        String sealed = row.getString("sealed_embedding");
        float[] vector = sealed == null
                ? array((Float[]) row.getArray("embedding").getArray())
                : open(Objects.requireNonNull(seals.openText(SealedColumn.MEMORY_EMBEDDING, id, sealed)));
        String fact = Objects.requireNonNull(seals.openText(SealedColumn.MEMORY_FACT, id, row.getString("fact")));
        return new RecalledFact(fact, Memory.instant(row, row.findColumn("refreshed_at")), product(vector, asked));
    }

    private static float[] open(String text) {
        String[] numbers = text.substring(1, text.length() - 1).split(",");
        float[] vector = new float[numbers.length];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = Float.parseFloat(numbers[i]);
        }
        return vector;
    }

    private static float[] array(Float[] stored) {
        float[] vector = new float[stored.length];
        for (int i = 0; i < stored.length; i++) {
            vector[i] = stored[i];
        }
        return vector;
    }

    /** Both are of length 1, so it is their cosine. */
    private static double product(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += (double) one[i] * other[i];
        }
        return sum;
    }
}
