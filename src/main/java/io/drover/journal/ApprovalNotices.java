package io.drover.journal;

import java.util.List;

/** The tools that are called while calls wait for an approval. */
public interface ApprovalNotices {

    /**
     * Submits the callbacks that have come due, each once, whichever process does.
     *
     * @param most how many
     * @return the occasion of each that was submitted: {@code reminder} or {@code escalation}
     */
    List<String> submitDue(int most);
}
