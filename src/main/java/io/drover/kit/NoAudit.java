package io.drover.kit;

import io.drover.audit.ProcessChanges;
import java.util.List;
import java.util.Map;

/** What changes in a test is on no record. */
final class NoAudit implements ProcessChanges {

    @Override
    public void add(String action, List<Map<String, String>> details) {}

    @Override
    public void add(String who, String action, List<Map<String, String>> details) {}
}
