package io.jenkins.plugins.obuilder;

import io.jenkins.plugins.obuilder.agent.EngineResult;
import io.jenkins.plugins.obuilder.agent.StepResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A result as pipelines get it: of classes that scripts may use and that are saved with them. Durations are in milliseconds. */
final class ResultMap {
    private ResultMap() {}

    static Map<String, Object> of(EngineResult result) {
        Map<String, Object> map = new HashMap<>();
        map.put("id", result.id());
        map.put("hits", result.hits());
        map.put("misses", result.misses());
        map.put("duration", result.milliseconds());
        map.put("store", result.store());
        List<Map<String, Object>> steps = new ArrayList<>();
        result.steps().forEach(step -> steps.add(of(step)));
        map.put("steps", steps);
        return map;
    }

    private static Map<String, Object> of(StepResult step) {
        Map<String, Object> map = new HashMap<>();
        map.put("stage", step.stage());
        map.put("op", step.op());
        map.put("heading", step.heading());
        map.put("id", step.id());
        map.put("cached", step.cached());
        map.put("duration", step.milliseconds());
        return map;
    }
}
