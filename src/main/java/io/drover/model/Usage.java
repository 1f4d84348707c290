package io.drover.model;

/**
 * Tokens.
 *
 * @param in     of the prompt, cached ones included
 * @param cached of the prompt, those that the provider had cached
 * @param out    of the answer
 */
public record Usage(long in, long cached, long out) {

    public static final Usage NONE = new Usage(0, 0, 0);

    public Usage plus(Usage other) {
        return new Usage(in + other.in, cached + other.cached, out + other.out);
    }

    public long total() {
        return in + out;
    }
}
