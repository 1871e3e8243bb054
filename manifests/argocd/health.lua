-- Argo CD: resource.customizations.health.bedrockmonitor.io_BedrockMonitor
-- A stall is Degraded, a wait is Progressing, what the user holds back is Suspended.
local health = { status = "Progressing", message = "Waiting for the operator" }
local status = obj.status
if obj.metadata.deletionTimestamp ~= nil or status == nil or status.conditions == nil then
  return health
end
if status.observedGeneration ~= obj.metadata.generation then
  return health
end

local conditions = {}
for _, condition in ipairs(status.conditions) do
  conditions[condition.type] = condition
end
local function is(type, value)
  return conditions[type] ~= nil and conditions[type].status == value
end
local function say(status, condition)
  health.status = status
  health.message = (condition.reason or "") .. ": " .. (condition.message or "")
  return health
end

local ready = conditions.Ready or { status = "Unknown", reason = "Unknown", message = "no condition Ready" }
if is("Stalled", "True") then
  return say("Degraded", conditions.Stalled)
end
if is("Delivering", "False") then
  return say("Degraded", conditions.Delivering)
end
if is("Reconciling", "True") then
  return say("Progressing", conditions.Reconciling)
end
if ready.status == "True" then
  return say("Healthy", ready)
end
local held = { PlanPending = true, Suspended = true, NotEnforced = true }
if held[ready.reason] then
  return say("Suspended", ready)
end
return say("Progressing", ready)
