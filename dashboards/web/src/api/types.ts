// The contract's shapes under the names the pages use. Generated from core/contract/http-api.yaml.
import type { components } from './schema'

export type About = components['schemas']['About']
export type SiteList = components['schemas']['SiteList']
export type Site = components['schemas']['Site']
export type Lane = components['schemas']['Lane']
export type MeterList = components['schemas']['MeterList']
export type Meter = components['schemas']['Meter']
export type PointLatest = components['schemas']['PointLatest']
export type ReadingsAnswer = components['schemas']['Readings']
export type Gap = ReadingsAnswer['gaps'][number]
export type Utility = Meter['utility']
export type Quality = PointLatest['quality']
