// LineChart: draws one series over time with ECharts. Loaded only where a chart is shown. Pointer, zoom and keys are
// the page's (PointChart.vue), so only what draws is taken from ECharts.
import { LineChart as LineSeries } from 'echarts/charts'
import { GridComponent, MarkAreaComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

import type { Box } from '@/domain/buckets'
import type { ChartPoint } from '@/domain/reading_series'
import { fromCivilMs, formatClock, formatDate, kDayUs, startOfDay, toCivilMs, type TimeUs } from '@/format/time'
import { valueAxis } from '@/domain/value_axis'
import { formatDecimal } from '@/format/number'

use([LineSeries, GridComponent, MarkAreaComponent, CanvasRenderer])

// Room around the plot, in pixels; the page lays its pointer over the same rectangle.
export const kPlot = { left: 84, right: 20, top: 28, bottom: 28 }

export interface ChartArea {
  fromUs: TimeUs
  toUs: TimeUs
  label: string
}

export interface ChartLimit {
  value: number
  label: string
}

export interface ChartColours {
  line: string
  text: string
  rule: string
  hatch: string
  ground: string
}

export interface ChartPicture {
  fromUs: TimeUs
  toUs: TimeUs
  unit: string
  points: Omit<ChartPoint, 'quality'>[]
  // Bands or bars of roll-ups; `share` is written where there is room.
  boxes: Box[]
  areas: ChartArea[]
  limits: ChartLimit[]
  colours: ChartColours
  font: string
}

export interface LineChart {
  draw(picture: ChartPicture): void
  resize(): void
  dispose(): void
}

// Diagonal lines, so that a gap is told from an empty plot without colour.
function hatch(colour: string): HTMLCanvasElement {
  const tile = document.createElement('canvas')
  tile.width = tile.height = 8
  const pen = tile.getContext('2d')!
  pen.strokeStyle = colour
  pen.globalAlpha = 0.55
  pen.lineWidth = 1
  pen.beginPath()
  for (const at of [-8, 0, 8]) {
    pen.moveTo(at, 8)
    pen.lineTo(at + 8, 0)
  }
  pen.stroke()
  return tile
}

function tick(ms: number): string {
  const us = fromCivilMs(ms)
  return us === startOfDay(us) ? formatDate(us).slice(5) : formatClock(us).slice(0, 5)
}

function pointItem(point: ChartPicture['points'][number], colours: ChartColours) {
  const value = [toCivilMs(point.timeUs), point.value ?? '-']
  if (point.mark === null) return value
  if (point.mark === 'alone') return { value, symbol: 'circle', symbolSize: 5 }
  const hollow = { color: colours.ground, borderColor: colours.line, borderWidth: 1.5 }
  return { value, symbol: 'diamond', symbolSize: 9, itemStyle: hollow }
}

function areaItem(area: ChartArea) {
  return [
    { xAxis: toCivilMs(area.fromUs), name: area.label },
    { xAxis: toCivilMs(area.toUs) },
  ] as [{ xAxis: number; name: string }, { xAxis: number }]
}

// Hollow where readings of the step are missing: the edge alone.
function boxItem(box: Box, colours: ChartColours) {
  const filled = { color: colours.line, opacity: 0.28, borderWidth: 0 }
  const hollow = { color: 'transparent', opacity: 1, borderColor: colours.line, borderWidth: 1 }
  return [
    { coord: [toCivilMs(box.fromUs), box.high], name: box.share, itemStyle: box.hollow ? hollow : filled, label: { position: 'top', distance: 2 } },
    { coord: [toCivilMs(box.toUs), box.low] },
  ] as [{ coord: number[]; name: string; itemStyle: object; label: object }, { coord: number[] }]
}

// A dashed line over the whole width, named at its left end.
function limitSeries({ value, label }: ChartLimit, picture: ChartPicture, text: object) {
  return {
    type: 'line' as const,
    silent: true,
    symbol: 'none',
    showAllSymbol: true,
    lineStyle: { color: picture.colours.text, width: 1, type: 'dashed' as const },
    data: [
      { value: [toCivilMs(picture.fromUs), value], symbol: 'circle', symbolSize: 0.1,
        label: { ...text, show: true, position: [6, -16] as [number, number], formatter: label, backgroundColor: picture.colours.ground } },
      [toCivilMs(picture.toUs), value],
    ],
  }
}

export function createLineChart(element: HTMLElement): LineChart {
  const chart = init(element, null, { renderer: 'canvas' })
  return {
    draw(picture) {
      const { fromUs, toUs, unit, points, boxes, areas, limits, colours, font } = picture
      const label = { color: colours.text, fontFamily: font, fontSize: 12 }
      const axis = valueAxis([
        ...points.flatMap((point) => (point.value === null ? [] : [point.value])),
        ...boxes.flatMap((box) => [box.low, box.high]),
        ...limits.map((limit) => limit.value),
      ])
      chart.setOption({
        useUTC: true,
        animation: false,
        textStyle: { fontFamily: font },
        grid: { ...kPlot, outerBoundsMode: 'none' },
        xAxis: {
          type: 'time',
          min: toCivilMs(fromUs),
          max: toCivilMs(toUs),
          axisLabel: { ...label, formatter: tick, showMinLabel: false, showMaxLabel: false, hideOverlap: true },
          axisLine: { lineStyle: { color: colours.rule } },
          axisTick: { lineStyle: { color: colours.rule } },
          splitLine: { show: toUs - fromUs > 36 * (kDayUs / 24), lineStyle: { color: colours.rule } },
        },
        yAxis: {
          type: 'value',
          min: axis.min,
          max: axis.max,
          interval: axis.step,
          name: unit,
          nameTextStyle: { ...label, align: 'right', padding: [0, 8, 0, 0] },
          nameGap: 12,
          axisLabel: { ...label, formatter: (value: number) => formatDecimal(value.toFixed(axis.decimals)) },
          splitLine: { lineStyle: { color: colours.rule } },
        },
        series: [{
          type: 'line',
          data: points.map((point) => pointItem(point, colours)),
          connectNulls: false,
          symbol: 'none',
          showAllSymbol: true,
          silent: true,
          lineStyle: { color: colours.line, width: 1.75 },
          itemStyle: { color: colours.line },
          markArea: {
            silent: true,
            itemStyle: { color: { image: hatch(colours.hatch), repeat: 'repeat' } },
            label: { ...label, position: 'insideTop', backgroundColor: colours.ground, padding: [1, 4] },
            data: [...areas.map(areaItem), ...boxes.map((box) => boxItem(box, colours))],
          },
        }, ...limits.map((limit) => limitSeries(limit, picture, label))],
      }, { notMerge: true })
    },
    resize: () => chart.resize(),
    dispose: () => chart.dispose(),
  }
}
