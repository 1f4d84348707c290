package io.drover.audit;

import java.util.List;
import java.util.Map;
import org.springframework.dao.DataAccessException;

/** Records what changed in this process alone, beside no row of the database, as entries of the list of decisions. */
public interface ProcessChanges {

    /**
     * Adds an entry for each change that the process made by itself.
     *
     * @param action  in one word
     * @param details the fields of each, beside the name of the process
     * @throws DataAccessException where the database does not answer
     */
    void add(String action, List<Map<String, String>> details);

    /** Adds an entry for each change that somebody made in this process. @param who the name of an actor */
    void add(String who, String action, List<Map<String, String>> details);
}
