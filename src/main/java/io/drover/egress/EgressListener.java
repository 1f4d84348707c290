package io.drover.egress;

/** Hears what was decided about connections. */
public interface EgressListener {

    /** What was decided. */
    enum Verdict {
        /** A connection may be made. */
        ALLOWED,
        /** It is made, and would be refused by {@code drover.egress.mode=enforce}. */
        REPORTED,
        /** It is not made. */
        REFUSED
    }

    /** @param tool whose steps connect; empty outside of tools */
    void judged(String tool, Verdict verdict);
}
