package io.drover.audit;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The keys one of which must have signed a note; without any, nothing is checked. */
record NoteVerifiers(List<NoteVerifier> keys) {

    /**
     * Reads {@link NoteVerifier#text}s.
     *
     * @throws IllegalArgumentException where one is none
     */
    static NoteVerifiers parse(List<String> texts) {
        return new NoteVerifiers(texts.stream().map(NoteVerifier::parse).toList());
    }

    /** @return how a note is not signed, or null where it is */
    @Nullable
    String problem(SignedNote note) {
        return keys.isEmpty() || keys.stream().anyMatch(key -> key.verifies(note))
                ? null
                : "is not signed by " + keys.stream().map(NoteVerifier::name).collect(Collectors.joining(" or "));
    }
}
