package io.drover.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The ids of tasks and calls that are stored are digests: they never change. */
@Quick
class DigestTest {

    @Test
    void isTheOneThatIsStored() {
        assertThat(Digest.uuid("refund", "order-1")).hasToString("59c8becf-836c-85f8-a9d9-654f96f2c15a");
        assertThat(Long.toHexString(Digest.bits("tool:charge", "ü"))).isEqualTo("92a1461c3267e235");
    }

    /** As {@code printf 'a\0b\0' | openssl dgst -sha256 -hmac k} says. */
    @Test
    void withAKeyItIsTheHmac() {
        assertThat(Digest.uuid("k".getBytes(StandardCharsets.UTF_8), "a", "b"))
                .hasToString("e7b2a4b7-9cd6-8b63-9b60-115ffaf567ad");
    }

    @Test
    void textsThatJoinToTheSameTextDiffer() {
        assertThat(Digest.uuid("a", "bc")).isNotEqualTo(Digest.uuid("ab", "c"));
        assertThat(Digest.uuid("a", "bc").version()).isEqualTo(8);
        assertThat(Digest.uuid("a", "bc").variant()).isEqualTo(2);
    }

    @Test
    void goesOnAfterItWasAsked() {
        Digest running = new Digest();
        assertThat(running.add("ü")).isEqualTo(2);
        String first = running.hex();
        running.add("b");

        Digest whole = new Digest();
        whole.add("ü");
        assertThat(whole.hex()).isEqualTo(first).hasSize(64);
        whole.add("b");
        assertThat(running.hex()).isEqualTo(whole.hex()).isNotEqualTo(first);
    }
}
