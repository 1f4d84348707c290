package io.drover.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Quick
class FairPlacesTest {

    @ParameterizedTest
    @CsvSource({
        "1, 0, 1",
        "1, 1, 0",
        "2, 0, 1",
        "2, 1, 1",
        "10, 0, 8",
        "10, 8, 1",
        "10, 9, 1",
        "10, 10, 0",
        "10, 12, 0",
        "1000, 0, 900",
        "1000, 900, 87",
        "100000, 0, 99900"
    })
    void oneWorkflowTakesMostOfWhatTheOthersLeave(int places, int others, int most) {
        assertThat(FairPlaces.most(places, others)).isEqualTo(most);
    }

    @Test
    void severalThatTakeAllTheyMayLeavePlacesForLong() {
        List<Integer> taken = new ArrayList<>();
        int others = 0;
        while (FairPlaces.most(1000, others) > 0) {
            taken.add(FairPlaces.most(1000, others));
            others += taken.getLast();
        }
        assertThat(taken).startsWith(900, 87, 11, 1).endsWith(1);
        assertThat(others).isEqualTo(1000);
    }
}
